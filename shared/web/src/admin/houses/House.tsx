export function House() {
  return null;
}
