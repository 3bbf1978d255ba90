//! Starts `tightlip server` for Zed. SPDX-License-Identifier: Apache-2.0

use zed_extension_api::{
    self as zed, serde_json::Value, settings::LspSettings, Command, LanguageServerId, Result, Worktree,
};

const ABSENT: &str = "No program \"tightlip\" on PATH. Install it with \"pipx install tightlip\" and reload Zed.";
const OWN: &str = "The program \"tightlip\" on PATH is a file of this project, which must not choose its checker.";

struct Tightlip;

impl zed::Extension for Tightlip {
    fn new() -> Self {
        Tightlip
    }

    /// `tightlip` on the PATH of the shell; the project's own settings cannot name another.
    fn language_server_command(&mut self, _id: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("tightlip").ok_or(ABSENT)?;
        if std::path::Path::new(&command).starts_with(worktree.root_path()) {
            return Err(OWN.into());
        }
        Ok(Command {
            command,
            args: vec!["server".into()],
            env: worktree.shell_env(),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        Ok(LspSettings::for_worktree(id.as_ref(), worktree)?.initialization_options)
    }
}

zed::register_extension!(Tightlip);
