// Preloaded into a server that listens on all interfaces by itself: it listens on loopback alone.
const net = require("node:net");

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === "number") {
    args = [{ port: args[0], host: "127.0.0.1" }, ...args.filter((one) => typeof one === "function")];
  } else if (args[0] && typeof args[0] === "object" && "port" in args[0]) {
    args[0] = { ...args[0], host: "127.0.0.1" };
  }
  return listen.apply(this, args);
};
