export function Houses() {
  return null;
}
