import * as vscode from "vscode";

const TOML = "tamasfe.even-better-toml";
const SECTION = "evenBetterToml.schema";
/** As that extension matches it, against the whole URI. */
const POLICY = "/tightlip\\.toml$";

/**
 * The JSON schema of `tightlip.toml`, for who wants a TOML extension to show it too; the server completes and checks without.
 *
 * That extension takes a schema from `contributes.tomlValidation` by an absolute URI only, so none inside another extension.
 */
export function register(): vscode.Disposable {
  const update = (): void => {
    void vscode.commands.executeCommand("setContext", "tightlip.tomlExtension", vscode.extensions.getExtension(TOML) !== undefined);
    // this extension lies elsewhere after each of its updates
    const known = associations()[POLICY];
    if (known !== undefined && known !== schema()) void associate();
  };
  update();
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(update),
    vscode.commands.registerCommand("tightlip.associateSchema", async () => {
      await associate();
      void vscode.window.showInformationMessage("Even Better TOML uses the schema for tightlip.toml.");
    }),
  );
}

function associate(): Thenable<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  return settings.update("associations", { ...associations(), [POLICY]: schema() }, vscode.ConfigurationTarget.Global);
}

/** The person's own. */
function associations(): Record<string, string> {
  return vscode.workspace.getConfiguration(SECTION).inspect<Record<string, string>>("associations")?.globalValue ?? {};
}

function schema(): string | undefined {
  const place = vscode.extensions.getExtension("tightlip.tightlip")?.extensionUri;
  return place && vscode.Uri.joinPath(place, "dist", "tightlip.schema.json").toString();
}
