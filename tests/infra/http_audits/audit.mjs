// Prints, as one line of JSON, what each audit of graphql-http says about the server at the address.
import { serverAudits } from "graphql-http";

const [address] = process.argv.slice(2);
const results = [];
for (const audit of serverAudits({ url: address })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
