export function OnePass() {
  return null;
}
