" The server is killed while a file is open.
let g:seen.before = Count(1)
call system('kill -9 ' . job_info(filter(job_info(), 'job_status(v:val) is# "run"')[0]).process)
call WaitFor('the end of the server', {-> empty(filter(job_info(), 'job_status(v:val) is# "run"'))})
call append(0, '# typed while there was no server')
write
let g:seen.saved = readfile(expand('%'))[0]

" A person types on. ALE learns of the end late: it then ends the server that was started meanwhile, and the next edit starts another.
let s:asked = reltime()
func! s:Back() abort
  if reltimefloat(reltime(s:asked)) > 5
    let s:asked = reltime()
    call ale#Queue(0)
  endif
  return map(Findings(), 'v:val.line') == [1]
endfunc
call ale#Queue(0)
call WaitFor('the finding on its new line', {-> s:Back()})
let g:seen.back = Findings()
