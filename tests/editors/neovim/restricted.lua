-- A file of a restricted repository: what is shown, and what copying it does.
local seen = drive.seen
seen.before = drive.wait_for(1)
seen.status = drive.wait('status', function()
  local short = require('tightlip').status()
  return short:find('restricted', 1, true) and short
end)
local diagnostic = vim.diagnostic.get(0)[1]
local related = vim.tbl_get(diagnostic, 'user_data', 'lsp', 'relatedInformation')
seen.related = related
  and vim.tbl_map(function(information)
    return { uri = information.location.uri, line = information.location.range.start.line }
  end, related)

vim.fn.setreg('"', 'untouched')
vim.cmd('Tightlip copy')
drive.wait('an answer to copy', function()
  return #drive.messages > 0
end)
seen.register = vim.fn.getreg('"')
