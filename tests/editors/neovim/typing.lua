-- A value is typed and deleted twenty times; how long until the warning comes and goes. For information.
drive.wait_for(1)
local times = {}
for turn = 1, 20 do
  local begin = vim.uv.hrtime()
  local comes = turn % 2 == 1
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { comes and drive.given.line or 'clean = 1' })
  drive.wait_for(comes and 2 or 1)
  table.insert(times, (vim.uv.hrtime() - begin) / 1e6)
end
table.sort(times)
drive.seen.median = times[10]
drive.seen.worst = times[20]
