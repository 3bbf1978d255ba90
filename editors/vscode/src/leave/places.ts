/** Schemes of the inputs that VS Code's own chats are typed into: the chat view, quick chat and inline chat; the sessions window. */
export const CHATS: ReadonlySet<string> = new Set(["chatSessionInput", "sessions-chat"]);
