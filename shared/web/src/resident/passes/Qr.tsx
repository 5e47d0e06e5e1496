/** A QR code. It comes by itself: most look at no code. */
import { encode } from "uqr";

/** Cells around it that stay white (ISO/IEC 18004). */
const QUIET = 4;

export default function Qr({ holds, alt }: { holds: string; alt: string }) {
  const { data, size } = encode(holds, { border: QUIET });
  const dark = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={alt}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={dark} fill="#000" />
    </svg>
  );
}
