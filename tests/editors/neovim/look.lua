-- All that is found, once a finding of a rule that begins with `rule` is among it.
drive.seen.found = drive.wait('a finding of ' .. drive.given.rule, function()
  local list = drive.diagnostics()
  for _, finding in ipairs(list) do
    if vim.startswith(finding.code, drive.given.rule) then
      return list
    end
  end
end)
