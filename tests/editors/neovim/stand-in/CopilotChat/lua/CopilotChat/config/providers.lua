return {
  recorder = {
    prepare_input = function(inputs, options)
      return { model = options.model.id, messages = inputs }
    end,
  },
}
