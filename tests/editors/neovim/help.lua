-- The help page's tags, made in a copy so that none is left in the tree.
local folder = vim.fn.tempname()
vim.fn.mkdir(folder, 'p')
local page = vim.fn.readfile(vim.env.TIGHTLIP_PLUGIN .. '/doc/tightlip.txt')
vim.fn.writefile(page, folder .. '/tightlip.txt')
vim.cmd.helptags(folder)
drive.seen.tags = vim.tbl_map(function(line)
  return line:match('^[^\t]+')
end, vim.fn.readfile(folder .. '/tags'))
drive.seen.dead = {}
for _, line in ipairs(page) do
  for tag in line:gmatch('|([^%s|]+)|') do
    local known = vim.list_contains(drive.seen.tags, tag) or #vim.fn.getcompletion(tag, 'help') > 0
    if not known then
      table.insert(drive.seen.dead, tag)
    end
  end
end
