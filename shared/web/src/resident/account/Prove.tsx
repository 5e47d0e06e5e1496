export function Prove() {
  return null;
}
