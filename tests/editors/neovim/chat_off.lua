-- The guard is switched off; the policy may forbid that.
local chats = dofile(vim.fs.joinpath(vim.fs.dirname(vim.env.DRIVE_SCRIPT), 'chats.lua'))
chats.set_up()
drive.wait('the policy', require('tightlip.policy').get)
drive.seen.sent = chats.send(chats.ask('is this fine? ' .. drive.given.secret))
