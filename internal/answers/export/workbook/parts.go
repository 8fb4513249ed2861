package workbook

import (
	"encoding/xml"
	"fmt"
	"strings"
)

const (
	declaration   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	spreadsheet   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packages      = "http://schemas.openxmlformats.org/package/2006/"
	mediaType     = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// The styles of cells, by their place among the cellXfs of styles.
const (
	plainStyle   = "0"
	headingStyle = "1"
	momentStyle  = "2"
)

const styles = `<styleSheet xmlns="` + spreadsheet + `">` +
	`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd hh:mm:ss"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
	`</styleSheet>`

// part is a file of a workbook, but for its XML declaration.
type part struct{ name, content string }

// parts are the files of a book but for those of its sheets.
func (b *Book) parts(author, title string) []part {
	var types, sheets strings.Builder
	var related []relation
	for i, s := range b.sheets {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, mediaType)
		if s.table != "" {
			fmt.Fprintf(&types, `<Override PartName="/xl/tables/table%d.xml" ContentType="%stable+xml"/>`, s.tableNumber, mediaType)
		}
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(s.name), i+1, i+1)
		related = append(related, relation{"worksheet", fmt.Sprintf("worksheets/sheet%d.xml", i+1)})
	}
	related = append(related, relation{"styles", "styles.xml"})
	return []part{
		{"[Content_Types].xml", `<Types xmlns="` + packages + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + mediaType + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + mediaType + `styles+xml"/>` +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", relations(relation{"officeDocument", "xl/workbook.xml"}, relation{"", "docProps/core.xml"})},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="` + packages + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
			`<dc:title>` + escaped(title) + `</dc:title><dc:creator>` + escaped(author) + `</dc:creator><cp:lastModifiedBy>` + escaped(author) + `</cp:lastModifiedBy></cp:coreProperties>`},
		{"xl/workbook.xml", `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + relationships + `"><bookViews><workbookView/></bookViews><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relations(related...)},
		{"xl/styles.xml", styles},
	}
}

// relation is what a part refers to, as rId1, rId2 and so on. Without a kind it is the
// book's properties.
type relation struct{ kind, target string }

func relations(all ...relation) string {
	var b strings.Builder
	for i, r := range all {
		kind := relationships + "/" + r.kind
		if r.kind == "" {
			kind = packages + "relationships/metadata/core-properties"
		}
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i+1, kind, r.target)
	}
	return `<Relationships xmlns="` + packages + `relationships">` + b.String() + `</Relationships>`
}

// tablePart makes a table of the cells at ref.
func tablePart(number int, name, ref string, headings []string) string {
	var columns strings.Builder
	for i, heading := range headings {
		fmt.Fprintf(&columns, `<tableColumn id="%d" name="%s"/>`, i+1, escaped(heading))
	}
	return fmt.Sprintf(`<table xmlns="%s" id="%d" name="%s" displayName="%s" ref="%s" totalsRowShown="0"><autoFilter ref="%s"/><tableColumns count="%d">%s</tableColumns>`+
		`<tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/></table>`,
		spreadsheet, number, escaped(name), escaped(name), ref, ref, len(headings), columns.String())
}

// escaped is a text in XML. What XML cannot hold becomes a question mark in a rhombus.
// Excel takes _x0041_ in a text for A, so such an underscore is written in that way
// itself (ECMA-376, part 1, 22.9.2.19).
func escaped(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(spelled(text))); err != nil {
		return "" // A builder does not fail.
	}
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}

func spelled(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var told []byte
	for i := range len(text) {
		if text[i] == '_' && isCode(text[i:]) {
			told = append(told, "_x005F"...)
		}
		told = append(told, text[i])
	}
	return string(told)
}

// isCode reports whether a text begins as _x0041_ does.
func isCode(text string) bool {
	const length = len("_x0041_")
	return len(text) >= length && text[1] == 'x' && text[length-1] == '_' && strings.Trim(text[2:length-1], "0123456789abcdefABCDEF") == ""
}
