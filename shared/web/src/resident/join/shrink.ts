/** Photos before they are sent: made small here, so that a slow network has little to carry. */

/** The longer side of what is sent: a face and a gate are known on it. */
const SIDE = 1_600;
/** What is this small is sent as it is. */
const SMALL_BYTES = 400_000;

/** What it is scaled to, where it is larger than it need be. */
export function scaled(width: number, height: number): [width: number, height: number] {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** The photo to be sent, as JPEG or PNG; fails for what is no picture. */
export async function shrunk(file: Blob): Promise<Blob> {
  const isTaken = ["image/jpeg", "image/png"].includes(file.type);
  if (isTaken && file.size <= SMALL_BYTES) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const [width, height] = scaled(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.85);
  });
}
