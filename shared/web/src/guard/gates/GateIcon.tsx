/** A barrier, as a picture. */
export function GateIcon(_: { "aria-hidden": true }) {
  return (
    <svg
      aria-hidden="true"
      width="1.5rem"
      height="1.5rem"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    >
      <path d="M4 21V8M2 21h5M4 11 22 8v3L4 14M10 10l-1 3M15 9.200l-1 3" />
    </svg>
  );
}
