// Reads a JSON list of Mermaid texts and prints, for each, what Mermaid's own parser and renderer make of it.
import { JSDOM } from "jsdom";

const dom = new JSDOM("<!DOCTYPE html><body></body>", { pretendToBeVisual: true });
for (const name of ["window", "document", "Element", "Node", "SVGElement", "HTMLElement", "DOMParser", "XMLSerializer", "CSSStyleSheet"]) {
  globalThis[name] = name === "window" ? dom.window : dom.window[name];
}
// jsdom measures nothing; any size will do, since it is the structure that is asked for.
const box = () => ({ x: 0, y: 0, width: 100, height: 20, left: 0, top: 0, right: 100, bottom: 20 });
dom.window.SVGElement.prototype.getBBox = box;
dom.window.SVGElement.prototype.getComputedTextLength = () => 100;
dom.window.Element.prototype.getBoundingClientRect = box;
let called = false;
dom.window.alert = globalThis.alert = () => { called = true; };

const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

let input = "";
for await (const chunk of process.stdin) input += chunk;
const told = [];
for (const [at, text] of JSON.parse(input).entries()) {
  try {
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const vertices = [...diagram.db.getVertices().values()];
    const edges = diagram.db.getEdges();
    const { svg } = await mermaid.render(`drawn${at}`, text);
    const holder = dom.window.document.createElement("div");
    holder.innerHTML = svg;
    const config = mermaid.mermaidAPI.getConfig();
    told.push({
      type: diagram.type,
      nodes: vertices.map((v) => ({ id: v.id, link: v.link ?? null, classes: v.classes })),
      edges: edges.map((e) => [e.start, e.end]),
      labels: [...holder.querySelectorAll(".nodeLabel")].map((e) => e.innerHTML),
      edgeLabels: [...holder.querySelectorAll(".edgeLabel .edgeLabel")].map((e) => e.textContent),
      elements: [...new Set([...holder.querySelectorAll("*")].map((e) => e.tagName.toLowerCase()))],
      handlers: [...holder.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length,
      links: holder.querySelectorAll("a").length,
      theme: config.theme,
      security: config.securityLevel,
      called,
    });
  } catch (error) {
    told.push({ error: String(error.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(told), () => process.exit(0));
