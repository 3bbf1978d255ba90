" tightlip in Vim: tells ALE of the language server, for files of every type, and adds three commands.
" SPDX-License-Identifier: Apache-2.0

if exists('g:loaded_tightlip') || has('nvim')
  finish
endif
let g:loaded_tightlip = 1

let s:advice = 'tightlip: no program is found, so nothing is checked. Install it with "pipx install tightlip" or set g:tightlip_cmd'
let s:defined = {}
let s:told = 0

" The program and its first arguments: g:tightlip_cmd (string or list), else $TIGHTLIP_PATH, else tightlip on PATH, but never
" one in the active virtual environment or a relative folder, for what is checked must not choose its checker.
function! s:Program() abort
  let l:set = get(g:, 'tightlip_cmd', $TIGHTLIP_PATH)
  if !empty(l:set)
    return type(l:set) is v:t_list ? l:set : [l:set]
  endif
  let l:windows = has('win32')
  for l:folder in split($PATH, l:windows ? ';' : ':')
    let l:program = l:folder . '/tightlip' . (l:windows ? '.exe' : '')
    let l:own = !empty($VIRTUAL_ENV) && stridx(l:folder . '/', $VIRTUAL_ENV . '/') == 0
    if l:folder =~# '^\%(/\|\a:\)' && !l:own && executable(l:program)
      return [l:program]
    endif
  endfor
  return []
endfunction

function! s:Executable(buffer) abort
  let l:program = get(s:Program(), 0, '')
  if !executable(l:program) && !s:told
    let s:told = 1
    echohl WarningMsg | echomsg s:advice | echohl None
  endif
  return l:program
endfunction

function! s:Command(buffer) abort
  return join(['%e'] + map(s:Program()[1:] + ['server'], 'ale#Escape(v:val)'))
endfunction

" The repository of the file, else its folder.
function! s:Root(buffer) abort
  let l:folder = fnamemodify(bufname(a:buffer), ':p:h')
  let l:at = l:folder
  while !isdirectory(l:at . '/.git') && !filereadable(l:at . '/.git')
    let l:up = fnamemodify(l:at, ':h')
    if l:up ==# l:at
      return l:folder
    endif
    let l:at = l:up
  endwhile
  return l:at
endfunction

" ALE counts columns in bytes and has no way to say so.
function! s:Options(buffer) abort
  return {'positionEncoding': 'utf-8', 'settings': get(g:, 'tightlip_settings', {})}
endfunction

" ALE passes over files without a type, and .env and credentials may have none.
function! s:Name() abort
  if &filetype is# '' && &buftype is# '' && bufname('') isnot# ''
    setlocal filetype=text
  endif
endfunction

function! s:Add(types) abort
  if !exists('g:loaded_ale')
    return
  endif
  for l:type in split(a:types, '\.')
    let l:resolved = ale#linter#ResolveFiletype(l:type)
    call map(type(l:resolved) is v:t_list ? copy(l:resolved) : [l:resolved], 's:Define(v:val)')
    call s:Choose(l:type)
  endfor
endfunction

function! s:Define(type) abort
  if !has_key(s:defined, a:type)
    let s:defined[a:type] = 1
    call ale#linter#Define(a:type, {
    \ 'name': 'tightlip',
    \ 'lsp': 'stdio',
    \ 'executable': function('s:Executable'),
    \ 'command': function('s:Command'),
    \ 'project_root': function('s:Root'),
    \ 'initialization_options': function('s:Options'),
    \})
  endif
endfunction

" Lists of linters, the person's and ALE's own, leave out what they do not name.
function! s:Choose(type) abort
  let l:names = map(copy(ale#linter#Get(a:type)), 'v:val.name')
  if index(l:names, 'tightlip') >= 0
    return
  elseif type(get(b:, 'ale_linters')) is v:t_list
    let b:ale_linters += ['tightlip']
  else
    let g:ale_linters[a:type] = get(g:ale_linters, a:type, l:names) + ['tightlip']
  endif
endfunction

function! s:Ask(method, params, Done) abort
  call ale#lsp_linter#SendRequest(bufnr(''), 'tightlip', [0, a:method, a:params], a:Done)
endfunction

function! s:Tell(message) abort
  echomsg 'tightlip: ' . a:message
endfunction

function! s:Redact(bang) abort
  let l:title = a:bang ? 'Redact all in file' : 'Redact '
  call ale#codefix#Execute(0, {data, items -> s:Take(data, filter(copy(items), {_, item ->
  \ stridx(get(item[1], 'title', ''), l:title) == 0}))})
endfunction

function! s:Take(data, items) abort
  if !empty(a:items)
    call ale#codefix#ApplyLSPCodeAction(a:data, a:items[0][1])
    call ale#Queue(0)
  endif
endfunction

function! s:Copy(first, last) abort
  let l:range = {
  \ 'start': {'line': a:first - 1, 'character': 0},
  \ 'end': {'line': a:last - 1, 'character': len(getline(a:last))},
  \}
  let l:arguments = [ale#util#ToURI(expand('%:p'))] + (a:first == 1 && a:last == line('$') ? [] : [l:range])
  call s:Ask('workspace/executeCommand', {'command': 'tightlip.copyRedacted', 'arguments': l:arguments},
  \ function('s:Copied'))
endfunction

function! s:Copied(response) abort
  if has_key(a:response, 'error')
    return s:Tell(a:response.error.message)
  endif
  call setreg(has('clipboard') ? '+' : '"', a:response.result.text)
  call s:Tell('copied, redacted')
endfunction

function! s:Restore(first, last) abort
  let l:params = {'uri': ale#util#ToURI(expand('%:p')), 'text': join(getline(a:first, a:last), "\n")}
  call s:Ask('tightlip/restore', l:params, function('s:Restored', [bufnr(''), b:changedtick, a:first, a:last]))
endfunction

function! s:Restored(buffer, tick, first, last, response) abort
  if has_key(a:response, 'error')
    return s:Tell(a:response.error.message)
  elseif bufnr('') != a:buffer || b:changedtick != a:tick
    return s:Tell('the text has changed meanwhile; try again')
  endif
  call setline(a:first, split(a:response.result.text, "\n", 1))
  call ale#Queue(0)
  let l:unknown = a:response.result.unknown
  call s:Tell(a:response.result.restored . ' restored' . (empty(l:unknown) ? '' : ', not known: ' . join(l:unknown)))
endfunction

command! -bang TightlipRedact call s:Redact(<bang>0)
command! -range=% TightlipCopy call s:Copy(<line1>, <line2>)
command! -range=% TightlipRestore call s:Restore(<line1>, <line2>)

augroup tightlip
  autocmd!
  autocmd FileType * call s:Add(expand('<amatch>'))
  autocmd BufWinEnter * call s:Name()
augroup END
call s:Add(&filetype)
