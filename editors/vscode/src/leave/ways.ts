/** One way of an assistant to take what is in the editor. */
export interface Way {
  readonly command: string;
  readonly title: string;
  /** It takes the selection where there is one, and nothing around it; the others may read the whole file. */
  readonly selection?: true;
  /** It sends nothing by itself: it opens the place to send from, with the file in view at hand. */
  readonly opens?: true;
  /** It makes no sense but on its own key, so that no list offers it. */
  readonly key?: true;
}

export interface Assistant {
  readonly name: string;
  /** Of its context key `tightlip.assistant.<key>`; its keys are shadowed only where it is. */
  readonly key?: string;
  readonly extension?: string;
  readonly ways: readonly Way[];
}

export const ASSISTANTS: readonly Assistant[] = [
  { name: "Chat", ways: [
    { command: "workbench.action.chat.open", title: "Open chat", opens: true },
    { command: "workbench.action.chat.openagent", title: "Open chat as agent", opens: true },
    { command: "workbench.action.quickchat.toggle", title: "Open quick chat", opens: true },
    { command: "workbench.action.chat.submit", title: "Send prompt", selection: true, key: true },
    { command: "workbench.action.chat.attachFile", title: "Add file to chat" },
    { command: "workbench.action.chat.attachSelection", title: "Add selection to chat", selection: true },
    { command: "workbench.action.chat.attachContext", title: "Add context to chat", opens: true },
    { command: "inlineChat.start", title: "Open inline chat" },
    { command: "inlineChat.askInChat", title: "Ask in chat" },
    { command: "inlineChat.fixDiagnostics", title: "Fix with inline chat" },
  ] },
  { name: "Copilot", extension: "GitHub.copilot-chat", ways: [
    { command: "github.copilot.chat.explain", title: "Explain" },
    { command: "github.copilot.chat.fix", title: "Fix" },
    { command: "github.copilot.chat.review", title: "Review" },
    { command: "github.copilot.chat.attachFile", title: "Add file to chat" },
    { command: "github.copilot.chat.attachSelection", title: "Add selection to chat", selection: true },
    { command: "github.copilot.chat.copilotCLI.addFileReference", title: "Add file to Copilot CLI" },
    { command: "github.copilot.chat.copilotCLI.addSelection", title: "Add selection to Copilot CLI" },
  ] },
  { name: "Cline", key: "cline", extension: "saoudrizwan.claude-dev", ways: [
    { command: "cline.addToChat", title: "Add to Cline", selection: true },
    { command: "cline.explainCode", title: "Explain with Cline", selection: true },
    { command: "cline.improveCode", title: "Improve with Cline", selection: true },
  ] },
  { name: "Continue", key: "continue", extension: "Continue.continue", ways: [
    { command: "continue.focusContinueInput", title: "New chat with selection", selection: true },
    { command: "continue.focusContinueInputWithoutClear", title: "Add selection to chat", selection: true },
    { command: "continue.focusEdit", title: "Edit" },
    { command: "continue.selectFilesAsContext", title: "Add file as context" },
  ] },
  { name: "Claude Code", key: "claude", extension: "anthropic.claude-code", ways: [
    { command: "claude-vscode.insertAtMention", title: "Mention file or selection" },
  ] },
  { name: "Codex", extension: "openai.chatgpt", ways: [
    { command: "chatgpt.addToThread", title: "Add selection to thread", selection: true },
    { command: "chatgpt.addFileToThread", title: "Add file to thread" },
  ] },
];

const WAYS = new Map(ASSISTANTS.flatMap(({ ways }) => ways).map((way) => [way.command, way]));

/** What is known of a command; of an unknown one it is supposed that it sends the whole file. */
export function wayOf(command: string): Way | undefined {
  return WAYS.get(command);
}
