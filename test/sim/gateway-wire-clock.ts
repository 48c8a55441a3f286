// Loaded before a process of the gateway, which is otherwise as an operator starts it: sets its
// clock as it is told, as if the machine's had been set. What measures time that passed goes on.

const now = Date.now.bind(Date);
let offsetMs = 0;

Date.now = () => now() + offsetMs;
process.on('message', (told: { readonly offsetMs: number }) => {
  offsetMs = told.offsetMs;
  process.send?.(told);
});
// It ends with whoever started it.
process.on('disconnect', () => process.exit(1));
// It keeps nobody alive.
process.channel?.unref();
