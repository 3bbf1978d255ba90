" Files of every type, and with none.
let g:seen.checked = {}
for s:name in g:given.files
  execute 'edit' fnameescape(s:name)
  call Count(1)
  let g:seen.checked[fnamemodify(s:name, ':t')] = &filetype
endfor
let g:seen.servers = len(filter(job_info(), 'job_status(v:val) is# "run"'))
