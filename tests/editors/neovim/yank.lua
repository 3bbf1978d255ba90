-- Yanks of a line with a secret, and of one without, into several registers.
local seen = drive.seen
drive.wait_for(1)
drive.wait('the policy', require('tightlip.policy').get)
local function yank(keys)
  local before = #drive.messages
  vim.cmd.normal({ keys, bang = true })
  vim.wait(drive.given.rest or 600, function()
    return #drive.messages > before
  end, 10)
  return vim.list_slice(drive.messages, before + 1)
end
vim.api.nvim_win_set_cursor(0, { 1, 0 })
seen.clean = yank('"+yy')
vim.api.nvim_win_set_cursor(0, { 2, 0 })
seen.unnamed = yank('yy')
seen.named = yank('"ayy')
seen.first = yank('"+yy')
seen.again = yank('"*yy')
seen.more = yank('"+yj')
vim.opt.clipboard = 'unnamedplus'
vim.api.nvim_win_set_cursor(0, { 3, 0 })
seen.by_option = yank('dgg')

vim.fn.setreg('"', 'token = ' .. (drive.given.secret or ''))
vim.cmd('Tightlip redact clipboard')
drive.said('redacted text is in')
seen.way_out = vim.fn.getreg('"')
