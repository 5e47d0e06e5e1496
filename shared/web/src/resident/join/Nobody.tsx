export function Nobody() {
  return null;
}
