// Transport of the extension's content script: the background page asks the service, because a page may not call this
// machine from https.
const transport = {
  async ask(text, platform) {
    const answer = await chrome.runtime.sendMessage({ kind: "lint", text, platform });
    if (!answer || !answer.verdict) throw new Error("no verdict");
    return answer.verdict;
  },
  settings: () => chrome.runtime.sendMessage({ kind: "settings" }),
  unchecked: () => chrome.runtime.sendMessage({ kind: "unchecked" }),
};
