/* The town of town.py, and what people in it do at the command line. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export class Town {
	static async stand() {
		const path = fileURLToPath(new URL("town.py", import.meta.url));
		const town = new Town(spawn("/usr/bin/python3", [path], { stdio: ["pipe", "pipe", "inherit"] }));
		Object.assign(town, await town.next());
		return town;
	}

	constructor(process) {
		this.process = process;
		this.waiting = [];
		this.process.on("exit", (code) => this.waiting.forEach(({ lost }) => lost(new Error(`the town fell: ${code}`))));
		createInterface({ input: process.stdout }).on("line", (line) => this.waiting.shift()?.found(JSON.parse(line)));
	}

	next() {
		return new Promise((found, lost) => this.waiting.push({ found, lost }));
	}

	/* town.desk("ipwl-a", "referred", ["klinik-b"], { name: "..." }) */
	async desk(agency, name, words = [], flags = {}) {
		const said = this.next();
		this.process.stdin.write(`${JSON.stringify(["desk", name, agency, words, flags])}\n`);
		const { answer, error } = await said;
		if (error) throw new Error(error);
		return answer;
	}

	async end() {
		const gone = new Promise((done) => this.process.on("exit", done));
		this.process.stdin.end();
		await gone;
	}
}
