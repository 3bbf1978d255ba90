-- Lines yanked from a restricted file and put into a file of another repository; then a fenced section of a third one.
local given, seen = drive.given, drive.seen
seen.restricted = drive.wait_for(1)
vim.cmd(('silent %d,%dyank'):format(given.first, given.last))

vim.cmd.edit(vim.fn.fnameescape(given.other))
drive.wait('a clean file', function()
  local status = require('tightlip.status').get(0)
  return status and status.state == 'safe'
end)
vim.api.nvim_win_set_cursor(0, { given.behind, 0 })
vim.cmd.normal({ 'p', bang = true })
vim.go.undolevels = vim.go.undolevels -- a script's changes are one to undo, a person's are not
local pasted = drive.text()
seen.marked = drive.wait_for(1)
local mark = vim.diagnostic.get(0)[1]
seen.last_line = mark.end_lnum
seen.related = vim.tbl_map(function(information)
  return { uri = information.location.uri, line = information.location.range.start.line }
end, mark.user_data.lsp.relatedInformation or {})
seen.status = drive.wait('the status', function()
  local short = require('tightlip').status()
  return short ~= '' and short
end)

-- what leaves by tightlip's own copy, and by a yank of the passage to the clipboard
vim.fn.setreg('"', 'untouched')
vim.cmd('Tightlip copy')
drive.said('redacted text is in')
seen.copied = vim.fn.getreg('"')
local before = #drive.messages
vim.cmd(('%d,%dyank +'):format(given.behind + 1, given.behind + 1 + given.last - given.first))
drive.wait('a word about the yank', function()
  return #drive.messages > before
end)
seen.yanked = drive.messages[#drive.messages]

-- one action, from the middle of the passage
vim.api.nvim_win_set_cursor(0, { given.behind + 4, 0 })
seen.actions = vim.tbl_map(function(action)
  return { title = action.title, preferred = action.isPreferred or false }
end, drive.actions())
drive.act(function(action)
  return action.isPreferred and action.title == 'Redact this passage'
end, { 'quickfix' })
seen.redacted = drive.text()
drive.wait_for(0)
vim.cmd.write()
vim.cmd.undo()
seen.undone = drive.text() == pasted
drive.wait_for(1)

-- the other way about: an assistant's answer with the placeholder
vim.cmd.redo()
drive.wait_for(0)
vim.cmd('Tightlip restore')
drive.wait_for(1)
seen.restored = drive.text() == pasted

vim.cmd('edit! ' .. vim.fn.fnameescape(given.fenced))
seen.section = drive.wait_for(1)
vim.api.nvim_win_set_cursor(0, { seen.section[1].line + 1, 0 })
drive.act(function(action)
  return action.isPreferred and action.title == 'Redact this passage'
end, { 'quickfix' })
drive.wait_for(0)
vim.cmd.write()
