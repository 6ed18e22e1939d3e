// For `node --require`: whatever a program listens on, it listens on loopback alone.
const { Server } = require("node:net");

const listen = Server.prototype.listen;

Server.prototype.listen = function loopbackListen(where, ...rest) {
  const options = typeof where === "object" && where !== null ? where : { port: Number(where) };
  const callback = rest.find((argument) => typeof argument === "function");
  return listen.call(this, { ...options, host: "127.0.0.1" }, callback);
};
