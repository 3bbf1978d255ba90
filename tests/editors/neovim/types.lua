-- Files of many names and none: which of them are checked.
local seen = drive.seen
seen.checked = vim.empty_dict()
for _, name in ipairs(drive.given.names) do
  vim.cmd.edit(name)
  drive.wait_for(1)
  seen.checked[name] = vim.bo.filetype
end
seen.clients = #vim.lsp.get_clients()
seen.folders = vim.tbl_map(function(folder)
  return folder.name
end, drive.client().workspace_folders or {})
