-- :checkhealth tightlip, as text.
if drive.given.count then
  drive.wait_for(drive.given.count)
  drive.wait('status', function()
    return (require('tightlip.status').get(0) or { state = 'checking' }).state ~= 'checking'
  end)
end
vim.cmd('checkhealth tightlip')
drive.seen.health = drive.text()
