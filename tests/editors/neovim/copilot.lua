-- copilot.lua reads a buffer only when `should_attach` allows it, which is asked before anything else has seen the buffer.
local seen, given = drive.seen, drive.given
local guard = require('tightlip.guard')
seen.early = vim.empty_dict()
local function should_attach(buf, name)
  local may = guard.should_attach(buf, name)
  local short = vim.fs.basename(name)
  if seen.early[short] == nil then
    seen.early[short] = may
  end
  return may
end
require('copilot').setup({ should_attach = should_attach })
local copilot = require('copilot.client')

for _, name in ipairs({ 'ledger.py', 'deploy.py', 'clean.py' }) do
  vim.cmd.edit(given[name])
end
local clean = vim.api.nvim_get_current_buf()
drive.wait('Copilot reads the clean file', function()
  return copilot.buf_is_attached(clean)
end)
for _, name in ipairs({ 'ledger.py', 'deploy.py' }) do
  vim.cmd.edit(given[name])
  drive.wait_for(1)
end
vim.wait(500)
seen.read = vim.list_slice(copilot.read)

-- a key is pasted into the file Copilot reads
vim.api.nvim_set_current_buf(clean)
vim.api.nvim_buf_set_lines(clean, -1, -1, false, { 'token = "' .. given.secret .. '"' })
drive.wait('Copilot is taken off', function()
  return not copilot.buf_is_attached(clean)
end)
seen.told = drive.said('Copilot no longer reads')
vim.cmd('Tightlip redact!')
drive.wait('Copilot is back', function()
  return copilot.buf_is_attached(clean)
end)
seen.back = drive.text(clean):find(given.secret, 1, true) == nil
