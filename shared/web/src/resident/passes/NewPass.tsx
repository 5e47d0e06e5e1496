export function NewPass() {
  return null;
}
