-- Installs tightlip as the README's snippet for DRIVE_INSTALL says. The managers cannot be had here: what they do with a
-- snippet is done in their place, as they document it.
local snippet
for block in vim.env.DRIVE_README:gmatch('```lua\n(.-)```') do
  if vim.startswith(block, '-- ' .. vim.env.DRIVE_INSTALL) then
    snippet = block
  end
end
assert(snippet, 'no snippet for ' .. vim.env.DRIVE_INSTALL)

if vim.env.DRIVE_INSTALL == 'lazy.nvim' then
  -- the folder goes on the runtime path and its plugin/ is sourced; Neovim itself loads no plug-in
  local plugin = assert(load('return ' .. snippet:gsub('^[^\n]*\n', '')))()
  assert(plugin.lazy == false)
  local folder = vim.fn.expand(plugin.dir)
  vim.go.loadplugins = false
  vim.opt.runtimepath:append(folder)
  for _, file in ipairs(vim.fn.glob(folder .. '/plugin/**/*.lua', true, true)) do
    vim.cmd.source(file)
  end
else
  -- the repository is cloned to a path of its own, and `load` called with it
  vim.pack = {
    add = function(specs, options)
      assert(specs[1].src:find('^file:///'), specs[1].src)
      options.load({ spec = specs[1], path = specs[1].src:gsub('^file://', '') })
    end,
  }
  assert(load(snippet))()
end
