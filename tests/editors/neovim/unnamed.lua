-- A buffer without a name, filled as by a paste; then saved under a name.
local given, seen = drive.given, drive.seen
vim.api.nvim_paste(given.text, true, -1)
seen.pasted = drive.wait_for(1)
seen.status = require('tightlip').status()
seen.attached = #vim.lsp.get_clients({ bufnr = 0 })

vim.cmd('Tightlip copy')
drive.wait('a copy', function()
  return #drive.messages > 0
end)
seen.copied = vim.fn.getreg('"')
vim.cmd('Tightlip redact')
drive.wait_for(0)
seen.redacted = drive.text()
vim.cmd('Tightlip restore')
drive.wait_for(1)
seen.restored = drive.text()

-- a second one is not mixed up with the first
local first = vim.api.nvim_get_current_buf()
vim.cmd('enew!')
vim.api.nvim_paste('nothing here', true, -1)
vim.wait(700)
seen.second = #vim.diagnostic.get(0)
seen.first = #vim.diagnostic.get(first)

vim.api.nvim_set_current_buf(first)
vim.cmd.write(given.name)
drive.wait('the server holds it', function()
  return #vim.lsp.get_clients({ bufnr = 0, name = 'tightlip' }) == 1
end)
seen.named = drive.wait_for(1)
