-- An error in the check itself, which the plug-in would swallow.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
chats.set_up()
require('tightlip.guard.check').judge = function()
  error('broken')
end
drive.seen.sent = chats.send(chats.ask('what is a list?'))
