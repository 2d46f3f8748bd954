// How a verdict looks: the decision, marked text, and findings with clause, reason and words to send instead.

import { el } from "./el.js";
import { say } from "./words.js";

const SIGNS = { pass: "✓", warn: "!", block: "✕" };

/** Show the decision, or a note such as "checking", in a status line. */
export function showDecision(node, decision, text, count = 0) {
  node.className = `decision ${decision}`;
  const sign = SIGNS[decision] ? el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[decision]) : null;
  const number = count ? el("span", { class: "count" }, say("decision.count", { n: count })) : null;
  node.replaceChildren(...[sign, el("span", {}, text), number].filter(Boolean));
}

/** Return text nodes and marks for a text; overlapping findings keep the most severe one on top. */
export function marked(text, findings, selected = null) {
  const weight = { note: 0, warn: 1, block: 2 };
  const best = new Array(text.length).fill(null);
  for (const finding of findings)
    for (let i = finding.start_utf16; i < finding.end_utf16; i++)
      if (best[i] === null || weight[finding.action] > weight[best[i].action]) best[i] = finding;
  const parts = [];
  for (let i = 0; i < text.length; ) {
    let end = i + 1;
    while (end < text.length && best[end] === best[i]) end++;
    const piece = text.slice(i, end);
    const chosen = best[i] && best[i] === selected ? " chosen" : "";
    parts.push(best[i] ? el("mark", { class: best[i].action + chosen, title: best[i].message }, piece) : piece);
    i = end;
  }
  return parts;
}

/** Return one finding as a list item that opens. */
export function findingItem(finding, open, onToggle) {
  const details = el("details", { class: `finding ${finding.action}`, open });
  details.append(
    el(
      "summary",
      {},
      el("span", { class: "badge" }, say(`severity.${finding.severity}`)),
      el("q", {}, finding.surface),
      el("span", { class: "code" }, finding.code),
      el("span", { class: "what" }, finding.message),
    ),
    el("dl", {}, facts(finding)),
  );
  details.addEventListener("toggle", () => onToggle?.(details.open));
  return el("li", {}, details);
}

function facts(finding) {
  const rows = finding.citations.map((citation) => [say("clause"), clause(citation)]);
  if (finding.reasons.length) rows.push([say("how"), finding.reasons.join("；")]);
  if (finding.missing_context.length) rows.push([say("missing"), finding.missing_context.join("、")]);
  for (const suggestion of finding.suggestions) rows.push([say("instead"), suggestion.text]);
  return rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}

/** Return one clause with its label and source. */
export function clause(citation) {
  const label = citation.verification ? el("small", {}, `（${citation.verification}）`) : null;
  const safe = citation.url && /^https?:\/\//.test(citation.url) ? citation.url : null;
  const source = safe
    ? el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, say("source"))
    : null;
  const penalty = citation.penalty ? el("div", { class: "hint" }, `${say("penalty")}：${citation.penalty}`) : null;
  return [`${citation.document}${citation.clause ?? ""} ${citation.title} `, label, " ", source, penalty];
}
