-- A request to the recording endpoint on this machine; `done` is called when it was answered.
return function(port, body, done)
  local payload = vim.json.encode(body)
  local head =
    'POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n'
  local socket = vim.uv.new_tcp()
  socket:connect('127.0.0.1', port, function(trouble)
    assert(not trouble, trouble)
    socket:write(head:format(#payload) .. payload)
    socket:read_start(function(_, chunk)
      if not chunk then
        socket:close()
        vim.schedule(done)
      end
    end)
  end)
end
