/** What a browser says it is, in two words; empty for what says nothing that we know. */
const BROWSERS: [RegExp, string][] = [
  [/YaBrowser\//, "Яндекс Браузер"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/(OPR|Opera)\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const MACHINES: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux|X11/, "Linux"],
];

export function agentName(agent: string): string {
  const of = (list: [RegExp, string][]) => list.find(([is]) => is.test(agent))?.[1];
  return [of(BROWSERS), of(MACHINES)].filter(Boolean).join(", ") || agent.slice(0, 60);
}
