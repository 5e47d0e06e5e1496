export function Passes() {
  return null;
}
