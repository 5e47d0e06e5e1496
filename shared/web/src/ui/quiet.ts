/** What nobody waits for, so that what somebody does comes first. */

/** What is seen first asks for more when it is drawn: until that is there, too. */
const SETTLED_MS = 2_500;

/** Does it once the page has loaded and settled. */
export function whenQuiet(work: () => unknown) {
  const later = () => setTimeout(work, SETTLED_MS);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}
