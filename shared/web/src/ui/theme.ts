/** The looks: calm, high contrast, for a hand in the rain. Sizes and colours of the page's own stand in `ui.css`. */
import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from "@mantine/core";

/** Of pines; from its seventh on white on it has a contrast of 7 : 1. */
const pine: MantineColorsTuple = [
  "#eaf6f1",
  "#d3eae1",
  "#a6d5c3",
  "#76bfa3",
  "#4dac88",
  "#2f9a74",
  "#17805d",
  "#0d664a",
  "#0a523b",
  "#073d2c",
];

export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  // By itself it looks at the shade of light alone: in the dark there was white on light green.
  variantColorResolver(input) {
    const colors = defaultVariantColorsResolver(input);
    const isOwn = input.variant === "filled" && (input.color ?? "pine") === "pine";
    return isOwn ? { ...colors, color: "var(--mantine-primary-color-contrast)" } : colors;
  },
  colors: { pine },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // A finger needs 44 pixels.
    Button: { defaultProps: { size: "md", h: "auto", mih: 48, maw: "100%" } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    NumberInput: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md", autosize: true, minRows: 2 } },
    // The list scrolls itself: a reader is told of what it holds, and the keyboard needs no stop in it.
    Select: {
      defaultProps: { size: "md", withScrollArea: false, comboboxProps: { withinPortal: false } },
      styles: { options: { maxHeight: "16rem", overflowY: "auto" } },
    },
    NativeSelect: { defaultProps: { size: "md" } },
    Radio: { defaultProps: { size: "md" } },
    Checkbox: { defaultProps: { size: "md" } },
    Switch: { defaultProps: { size: "md" } },
    ActionIcon: { defaultProps: { size: 44, variant: "subtle" } },
    Modal: { defaultProps: { centered: true } },
  },
});
