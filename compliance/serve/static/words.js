// The words of the page in two languages. Chinese stands in the document itself; what follows is English, and what
// scripts say in both.

const english = {
  skip: "Skip to content", title: "Message check", tabs: "Functions",
  "tab.check": "Write", "tab.read": "Read a chat", "tab.rules": "Rules", "tab.audits": "Audits",
  key: "Key", theme: "Switch light and dark",
  platform: "Platform", shop: "Shop", "shop.none": "none", order: "Order", goods: "Goods", asked: "Buyer asked",
  unknown: "unknown", yes: "yes", no: "no",
  "order.none": "not placed", "order.placed": "placed", "order.paid": "paid", "order.shipped": "shipped",
  "order.signed": "received", "order.closed": "closed",
  "goods.general": "general", "goods.food": "food", "goods.health_food": "health food", "goods.drug": "medicine",
  "goods.device": "medical device", "goods.cosmetic": "cosmetics", "goods.education": "education", "goods.finance": "finance",
  draft: "Message to the buyer", "draft.holder": "Type or paste a message; it is checked as you write",
  "draft.keys": "F8 next finding, Shift+F8 previous, Ctrl+Enter takes the rewrite",
  chat: "A chat, one message a line", "chat.holder": "买家：这个能便宜点吗\n客服：亲，已经是活动价了哦",
  "chat.help": "Lines that begin with 买家： are not checked. Words split over several messages are found. Or drop a file (text, UTF-8 or GBK).",
  "chat.check": "Check", "chat.file": "Choose a file", "chat.only": "only with findings",
  "rules.search": "Search rules", "rules.holder": "code, words, examples, such as 好评返现", "rules.here": "only this platform",
  "rules.pick": "Choose a rule to see what it finds, which clause it rests on and what to say instead.",
  "audits.drop": "Drop a chat log here, or", "audits.choose": "choose a file",
  "audits.help": "CSV, Excel, JSON or Parquet. Without a platform column the platform chosen above counts. The log is deleted after the audit; only you can see the report.",
  footer: "For reference; not legal advice.", lexicon: "Lexicon",
  "key.title": "API key", "key.help": "The key is kept in this tab only.", ok: "OK", cancel: "Cancel",
};

const said = {
  "decision.pass": ["可以发送", "May be sent"],
  "decision.warn": ["请留意", "Take care"],
  "decision.block": ["不能发送", "Must not be sent"],
  "decision.empty": ["写点什么，就会开始检查", "Write something to check it"],
  "decision.count": ["{n} 处", "{n} found"],
  checking: ["正在检查…", "Checking…"],
  "severity.critical": ["严重", "critical"], "severity.high": ["高", "high"],
  "severity.medium": ["中", "medium"], "severity.low": ["低", "low"], "severity.off": ["不启用", "off"],
  clause: ["依据", "Clause"], how: ["判断", "Why"], instead: ["建议", "Instead"], missing: ["缺少", "Missing"],
  source: ["原文", "source"], penalty: ["处罚", "Penalty"],
  "rewrite.safe": ["改写（意思不变）", "Rewrite (same meaning)"],
  "rewrite.unsafe": ["改写（请您确认）", "Rewrite (please confirm)"],
  accept: ["采用", "Take it"], copy: ["复制", "Copy"], copied: ["已复制", "Copied"], undo: ["撤销", "Undo"],
  accepted: ["已采用改写", "The rewrite was taken"],
  "chat.result": ["共 {n} 条客服消息：{block} 处不能发送，{warn} 处请留意", "{n} agent messages: {block} must not be sent, {warn} to take care of"],
  "chat.long": ["一次最多 {n} 行，更长的请用“审计”", "At most {n} lines; use Audits for longer chats"],
  buyer: ["买家", "Buyer"], agent: ["客服", "Agent"],
  "rules.count": ["{n} 条规则", "{n} rules"], "rules.none": ["没有找到，换个词试试", "Nothing found; try other words"],
  "rule.finds": ["会提示", "Found"], "rule.passes": ["不提示", "Not found"], "rule.exempt": ["豁免", "Exempt"],
  "rule.sendable": ["可以这样说", "Say instead"], "rule.levels": ["等级", "Severity"], "rule.platforms": ["平台", "Platforms"],
  "rule.fixes": ["改写示例", "Rewrites"],
  "audit.waiting": ["排队中", "waiting"], "audit.running": ["检查中", "running"], "audit.done": ["完成", "done"], "audit.failed": ["没有完成", "failed"],
  "audit.rows": ["已读 {n} 行", "{n} rows read"],
  "audit.result": ["客服消息 {n} 条：{block} 处不能发送，{warn} 处请留意", "{n} agent messages: {block} must not be sent, {warn} to take care of"],
  "audit.bad": ["{n} 行无法读取", "{n} rows unreadable"],
  "audit.sending": ["正在上传 {name}…", "Uploading {name}…"], "audit.taken": ["已上传，开始检查", "Uploaded; the audit begins"],
  "audit.none": ["还没有审计", "No audits yet"], delete: ["删除", "Delete"], report: ["报告", "Report"],
  "problem.no-key": ["需要 API 密钥", "An API key is needed"],
  "problem.wrong-key": ["密钥不对，或者已经失效", "The key is not valid"],
  "problem.not-allowed": ["这个密钥没有权限做这件事", "The key may not do that"],
  "problem.too-large": ["内容太长，请分几次", "Too large; split it"],
  "problem.too-many-requests": ["请求太快，请稍等", "Too many requests; wait a moment"],
  "problem.busy": ["服务正忙，请稍后再试", "Busy; try again"],
  "problem.internal": ["服务出错了，请稍后再试", "The service made a mistake"],
  "problem.offline": ["连不上服务，这条消息没有检查", "The service cannot be reached; this was not checked"],
};

const chinese = new Map();
let current = "zh";

export const language = () => current;

/** Say something in the current language; {name} is filled in. */
export function say(key, values = {}) {
  const pair = said[key];
  const text = pair ? pair[current === "zh" ? 0 : 1] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Put the whole document into a language. */
export function speak(chosen) {
  current = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  for (const [attribute, put] of places) {
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      const id = `${attribute}:${node.getAttribute(attribute)}`;
      if (!chinese.has(id)) chinese.set(id, put(node));
      put(node, chosen === "zh" ? chinese.get(id) : english[node.getAttribute(attribute)]);
    }
  }
  document.title = document.querySelector("[data-t=title]").textContent;
}

const places = [
  ["data-t", (node, text) => (text === undefined ? node.textContent : (node.textContent = text))],
  ["data-t-label", (node, text) => (text === undefined ? node.getAttribute("aria-label") : (node.setAttribute("aria-label", text), node.title && (node.title = text)))],
  ["data-t-holder", (node, text) => (text === undefined ? node.placeholder : (node.placeholder = text))],
];
