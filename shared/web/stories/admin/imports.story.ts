/** Houses and people out of a table: each problem is seen before, nothing is changed before, and nothing comes twice. */
import { crc32 } from "node:zlib";
import { expect, isOpenToAll, shot, signIn, test } from "../stage";

const ROWS = 120;

function csv(): string {
  const rows = Array.from({ length: ROWS }, (_, nth) => {
    const number = String(nth + 101);
    return `Луг ${number};Житель Луговой ${number};+7 926 700-1${number.slice(0, 1)}-${number.slice(1)};собственник;В${number}КК77;@луг`;
  });
  const wrong = ["Луг 999;;не телефон;;НОМЕР;", ";Без Дома;;;;"];
  return ["Дом;Имя;Телефон;Роль в доме;Номер машины;Телеграм", ...rows, ...wrong].join("\n");
}

/** A table of Excel's, of one sheet with texts: a zip of three parts that are stored as they are. */
function xlsx(rows: string[][]): Buffer {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const sheet = rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const rels = (target: string, kind: string) =>
    `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relations}/${kind}" Target="${target}"/></Relationships>`;
  return zip({
    "[Content_Types].xml": `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    "_rels/.rels": rels("xl/workbook.xml", "officeDocument"),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": rels("worksheets/sheet1.xml", "worksheet"),
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
  });
}

function zip(parts: Record<string, string>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [path, text] of Object.entries(parts)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    local.push(Buffer.from("PK\x03\x04"), head, name, data);
    central.push(Buffer.from("PK\x01\x02\x14\x00"), head, tail, name);
    at += 4 + head.length + name.length + data.length;
  }
  const [files, directory] = [Buffer.concat(local), Buffer.concat(central)];
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(files.length, 16);
  return Buffer.concat([files, directory, end]);
}

test("a table is previewed with every problem, then entered, and a second time makes nothing", async ({
  page,
  stage,
}) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/import`);
  await expect(page.getByText("ничего не изменится")).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "import");
  const file = { name: "луг.csv", mimeType: "text/csv", buffer: Buffer.from(csv()) };
  const choose = async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Выбрать файл" }).click(),
    ]);
    await chooser.setFiles(file);
  };
  await choose();
  await expect(page.getByText(`В 2 строках из ${ROWS + 2} что-то не так`)).toBeVisible();
  await expect(page.getByText(`${ROWS} домов, ${ROWS} человек, ${ROWS} машин`)).toBeVisible();
  await expect(page.getByText("Не читаем: Телеграм")).toBeVisible();
  // Only what is wrong, until all is wanted.
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("row", { name: /Луг 999/ })).toContainText("не похоже на телефон");
  await expect(page.getByRole("row", { name: /Луг 999/ })).toContainText("В таблице: «не телефон»");
  await expect(page.getByRole("row", { name: /Луг 999/ })).toContainText("не похоже на номер машины");
  await expect(page.getByRole("row", { name: /Без Дома/ })).toContainText("Дом: заполните это поле");
  await isOpenToAll(page);
  await shot(page, "import-preview");
  await page.getByRole("switch", { name: /Только с ошибками/ }).click();
  await expect(page.getByRole("row")).toHaveCount(101);
  await page.getByRole("button", { name: /Показать ещё/ }).click();
  await expect(page.getByRole("row")).toHaveCount(ROWS + 3);
  const houses = `${stage.cloud}/api/v1/communities/${stage.community}/houses?search=${encodeURIComponent("Луг ")}`;
  expect((await (await page.request.get(houses)).json()).houses).toEqual([]);

  await page.getByRole("button", { name: `Внести ${ROWS} строк` }).click();
  await expect(page.getByRole("status")).toContainText("Вносим");
  await expect(page.getByRole("heading", { name: "Готово" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(`Внесено: ${ROWS} домов, ${ROWS} человек, ${ROWS} машин`)).toBeVisible();
  await expect(page.getByText("2 строки не внесены")).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "import-report");

  await page.getByRole("button", { name: "Другой файл" }).click();
  await choose();
  await expect(page.getByText("Ничего нового")).toBeVisible();
  await expect(page.getByRole("button", { name: "Внести" })).toBeDisabled();
});

test("Excel's tables are dropped onto the page; what is no table is said to be none", async ({
  page,
  stage,
}) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/import`);
  const drop = async (name: string, bytes: Buffer) => {
    const files = await page.evaluateHandle(
      ([name, base64]) => {
        const bytes = Uint8Array.from(atob(base64 ?? ""), (char) => char.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], name ?? ""));
        return data;
      },
      [name, bytes.toString("base64")],
    );
    await page.locator(".drop").dispatchEvent("drop", { dataTransfer: files });
  };
  await drop("кот.xlsx", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
  await expect(page.getByRole("alert")).toContainText("это не таблица");
  await isOpenToAll(page);

  const table = [
    ["Дом", "Имя", "Роль в доме"],
    ["Роща 1", "Ирина Рощина", "собственник"],
    ["Роща 1", "Олег Рощин", "член семьи"],
  ];
  await drop("роща.xlsx", xlsx(table));
  await expect(page.getByText("Прочитаны 2 строки, всё в порядке")).toBeVisible();
  await expect(page.getByRole("row", { name: /Олег Рощин/ })).toContainText("член семьи");
  await page.setViewportSize({ width: 320, height: 640 });
  await expect(page.getByText("Олег Рощин")).toBeVisible();
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBe(0);
  await isOpenToAll(page);
  await shot(page, "import-phone");
  await page.getByRole("button", { name: "Внести 2 строки" }).click();
  await expect(page.getByText(/Внесено: 1 дом, 2 человек/)).toBeVisible();
});
