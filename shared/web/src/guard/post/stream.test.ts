import { expect, test } from "vitest";
import { reader, type Told } from "./stream";

function told(...chunks: string[]): Told[] {
  const all: Told[] = [];
  const read = reader((one) => all.push(one));
  for (const chunk of chunks) read(chunk);
  return all;
}

test("an event is told when it is whole, wherever it was cut", () => {
  const text = 'event:state\ndata: {"a":1}\n\nevent:entry\nid:7\ndata:first\ndata:second\n\n';
  const whole = [
    { event: "state", data: '{"a":1}' },
    { event: "entry", data: "first\nsecond" },
  ];
  expect(told(text)).toEqual(whole);
  for (let at = 1; at < text.length; at++) expect(told(text.slice(0, at), text.slice(at))).toEqual(whole);
  expect(told(text.slice(0, -1))).toEqual(whole.slice(0, 1));
});

test("what keeps the line open is no event", () => {
  expect(told(":keep-alive\n\n", ":keep-alive\r\n\r\n")).toEqual([]);
});
