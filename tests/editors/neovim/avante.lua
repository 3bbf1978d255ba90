-- avante.nvim cannot be stopped; there is a word about it.
local seen, given = drive.seen, drive.given
drive.client()
local avante = require('avante')
avante.ask(given.port, 'what is a list?')
avante.ask(given.port, 'why is this refused? ' .. given.secret)
seen.told = drive.said('avante.nvim was not stopped')
drive.wait('both went', function()
  return avante.answered == 2
end)
vim.wait(300)
