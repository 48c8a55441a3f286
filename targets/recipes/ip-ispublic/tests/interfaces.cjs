// The sandbox refuses to be asked for its network interfaces; there is none but this one anyway.
const loopback = { address: '127.0.0.1', family: 'IPv4', internal: true };
require('node:os').networkInterfaces = () => ({ lo: [loopback] });
