/** What the camera saw, as large as the screen. */
import { Modal } from "@mantine/core";
import { useTexts } from "~/texts/texts";

export default function Large({
  opened,
  close,
  title,
  source,
}: {
  opened: boolean;
  close: () => void;
  title: string;
  source: string;
}) {
  const t = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size="lg"
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <img src={source} alt={title} className="picture-large" />
    </Modal>
  );
}
