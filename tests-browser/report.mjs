// Counts checks and prints them: `ok …` or `FAIL …: why`.

export class Report {
  #passed = 0;
  #failed = 0;

  check(name, holds, why = "") {
    if (holds) {
      this.#passed += 1;
      console.log(`ok ${name}`);
    } else {
      this.#failed += 1;
      console.log(`FAIL ${name}${why ? `: ${String(why).replaceAll(/\s*\n\s*/g, " | ")}` : ""}`);
    }
  }

  /** Does the work; an exception (a page that does not load, an element that is not there) is a failed check. */
  async attempt(name, work) {
    try {
      return await work();
    } catch (problem) {
      this.check(name, false, problem.message.split("\n").slice(0, 3).join(" | "));
      return undefined;
    }
  }

  finish() {
    console.log(`browser: ${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }
}
