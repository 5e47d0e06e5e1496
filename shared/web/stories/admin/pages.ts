/** The pages of an administrator that are of nobody in particular: what stands behind `/admin/`. */
export const PAGES = [
  "",
  "houses",
  "people",
  "journal",
  "gates",
  "bans",
  "consents",
  "audit",
  "settings",
  "import",
  "letters",
];
