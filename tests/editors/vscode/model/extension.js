"use strict";
// A language model that writes down, to the file $TIGHTLIP_TEST_MODEL, all it was sent, and answers with the placeholders it saw.
const fs = require("node:fs");
const vscode = require("vscode");

const MODEL = {
  id: "recorder-1", name: "Recorder", family: "recorder", version: "1", maxInputTokens: 100000, maxOutputTokens: 10000,
  capabilities: { toolCalling: true }, isUserSelectable: true, isDefault: true,
};

function textOf(message) {
  return message.content.map((part) => part.value ?? JSON.stringify(part)).join("");
}

function answerTo(text) {
  // the one that the participant's own preamble gives as an example belongs to nobody
  const placeholders = [...new Set(text.match(/\bTL_[A-Z0-9_]+\b/g) ?? [])].filter((token) => token !== "TL_EMAIL_7F3K2Q");
  return placeholders.length ? `I saw ${placeholders.join(" and ")}.` : "I saw no placeholder.";
}

/** In pieces that cut a placeholder apart, as a real model's tokens do. */
function* piecesOf(text) {
  for (let at = 0; at < text.length; at += 5) yield text.slice(at, at + 5);
}

exports.activate = async (context) => {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider("recorder", {
    provideLanguageModelChatInformation: async () => [MODEL],
    provideLanguageModelChatResponse: async (_model, messages, _options, progress) => {
      const texts = messages.map(textOf);
      fs.appendFileSync(process.env.TIGHTLIP_TEST_MODEL, JSON.stringify(texts) + "\n");
      for (const piece of piecesOf(answerTo(texts.join("\n")))) progress.report(new vscode.LanguageModelTextPart(piece));
    },
    provideTokenCount: async (_model, text) => Math.ceil((typeof text === "string" ? text : textOf(text)).length / 4),
  }));
  // a model is asked for by name only once it was looked for
  await vscode.lm.selectChatModels({ vendor: "recorder" });
};
