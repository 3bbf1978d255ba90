-- Redacts the finding number `index` by its one action, saves, and undoes it.
local given, seen = drive.given, drive.seen
seen.before = drive.wait_for(given.count)
seen.format = vim.bo.fileformat

local finding = seen.before[given.index or 1]
vim.api.nvim_win_set_cursor(0, { finding.line + 1, finding.column })
seen.actions = vim.tbl_map(function(action)
  return { title = action.title, kind = action.kind, preferred = action.isPreferred or false }
end, drive.actions())

drive.act(function(action)
  return action.isPreferred and action.title:find('^Redact this value')
end, { 'quickfix' })
seen.redacted = drive.text()
seen.after = drive.wait_for(given.left)
vim.cmd.write()

vim.cmd.undo()
seen.undone = drive.text()
drive.wait_for(given.count)
