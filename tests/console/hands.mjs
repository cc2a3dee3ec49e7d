/*
 * How a worker uses the console, counted: with a mouse, or with the keyboard and nothing else. Both know
 * the same verbs:
 *
 *   press (button or link)   type (field, text)   tick (radio or box)   choose (select, value)
 *
 * A click is one press of the mouse's button; a list that opens takes two. With the keyboard every key
 * counts, but letters that are typed into a field are counted apart.
 */
const MOST_TABS = 150;

class Mouse {
	constructor(page) {
		Object.assign(this, { page, clicks: 0, keys: 0, letters: 0 });
	}

	async press(target) {
		await target.click();
		this.clicks++;
	}

	async type(field, text) {
		/* The field that has the focus already needs no click. */
		if (!(await holdsFocus(field))) await this.press(field);
		await field.fill(text);
		this.letters += text.length;
	}

	/* The label is what one aims at: the box itself is drawn by the style sheet. */
	async tick(box) {
		await box.check({ force: true });
		this.clicks++;
	}

	async choose(select, value) {
		await select.selectOption(value);
		this.clicks += 2;
	}
}

class Keyboard {
	constructor(page) {
		Object.assign(this, { page, byKeys: true, clicks: 0, keys: 0, letters: 0 });
	}

	async key(name) {
		await this.page.keyboard.press(name);
		this.keys++;
	}

	/* Tab, until it has the focus. */
	async goTo(target, holds = holdsFocus) {
		await target.waitFor();
		for (let n = 0; n < MOST_TABS; n++) {
			if (await holds(target)) return;
			await this.key("Tab");
		}
		throw new Error(`${MOST_TABS} times Tab did not lead to ${target}`);
	}

	async press(target) {
		await this.goTo(target);
		if (!(await isSeen(target))) throw new Error(`${target} has the focus and shows nothing of it`);
		await this.key("Enter");
	}

	async type(field, text) {
		await this.goTo(field);
		await this.page.keyboard.press("Control+A");
		await this.page.keyboard.insertText(text);
		this.letters += text.length;
	}

	/* Arrows lead from tab to tab of a page. */
	async turnTo(tab) {
		await this.goTo(tab.page().locator("[role=tab][aria-selected=true]"));
		for (let n = 0; n < MOST_TABS && (await tab.getAttribute("aria-selected")) !== "true"; n++) await this.key("ArrowRight");
	}

	/* A group of radio buttons is one stop of Tab; arrows go on inside. */
	async tick(box) {
		if ((await box.getAttribute("type")) !== "radio") {
			await this.goTo(box);
			if (!(await box.isChecked())) await this.key("Space");
			return;
		}
		await this.goTo(box, holdsFocusInGroup);
		for (let n = 0; n < MOST_TABS && !(await holdsFocus(box)); n++) await this.key("ArrowDown");
		if (!(await box.isChecked())) await this.key("Space");
	}

	async choose(select, value) {
		await this.goTo(select);
		for (let n = 0; n < MOST_TABS && (await select.inputValue()) !== value; n++) {
			const before = await select.inputValue();
			await this.key("ArrowDown");
			if ((await select.inputValue()) === before && n > 0) throw new Error(`${select} has no ${value}`);
		}
	}
}

const holdsFocus = (target) => target.evaluate((element) => element === document.activeElement);

const holdsFocusInGroup = (target) =>
	target.evaluate((element) => document.activeElement?.name === element.name && document.activeElement.type === "radio");

/* What has the focus is marked by an outline, a shadow or another ground. */
const isSeen = (target) =>
	target.evaluate((element) => {
		const { outlineStyle, boxShadow, backgroundColor } = getComputedStyle(element);
		return outlineStyle !== "none" || boxShadow !== "none" || backgroundColor === "rgb(255, 221, 0)";
	});

export const Hands = { mouse: (page) => new Mouse(page), keys: (page) => new Keyboard(page) };
