import fc from "fast-check";
import { parseFragment } from "parse5";
import { expect, it } from "vitest";
import { markup, renderMarkup } from "./markup.ts";

it("escapes texts, in content and in quoted attributes", () => {
  const text = `<b title="'">&amp;`;
  expect(renderMarkup(markup`<p title="${text}" lang='${text}'>${text}</p>`)).toBe(
    `<p title="&lt;b title=&quot;&#39;&quot;&gt;&amp;amp;" lang='&lt;b title=&quot;&#39;&quot;&gt;&amp;amp;'>&lt;b title=&quot;&#39;&quot;&gt;&amp;amp;</p>`,
  );
});

it("keeps markup as it is, joins lists, and writes nothing for null", () => {
  const item = (text: string) => markup`<li>${text}`;
  expect(renderMarkup(markup`<ul>${["a", "<"].map(item)}${null}${3}</ul>`)).toBe("<ul><li>a<li>&lt;3</ul>");
});

it("leaves out the line breaks of the template, and none of a text", () => {
  const broken = markup`<p>
    <b>${"two\n lines"}</b>
    and
  </p>`;
  expect(renderMarkup(broken)).toBe("<p><b>two\n lines</b> and </p>");
});

it("takes no object for markup that only looks like it", () => {
  // What was read from JSON has no symbols: it cannot be made to pass as markup.
  const forged = JSON.parse('{"markup":"<script>"}') as string;
  expect(() => renderMarkup(markup`${forged}`)).toThrow(TypeError);
});

it("gives back any text that an attribute was made from", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const [element] = parseFragment(renderMarkup(markup`<p title="${text}">`)).childNodes;
      const attributes = element !== undefined && "attrs" in element ? element.attrs : [];
      expect(attributes).toEqual([{ name: "title", value: text.replace(/\r\n?/g, "\n") }]);
    }),
    { seed: 3, numRuns: 300 },
  );
});
