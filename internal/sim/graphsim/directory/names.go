package directory

// Spelling is a name and the ASCII form it takes in sign-in names.
type Spelling struct{ Shown, ASCII string }

var givenNames = []Spelling{
	{"Alex", "alex"}, {"Zoë", "zoe"}, {"Maria", "maria"}, {"Jürgen", "juergen"}, {"Wei", "wei"}, {"Søren", "soren"},
	{"Fatima", "fatima"}, {"José", "jose"}, {"Anna", "anna"}, {"李", "li"}, {"محمد", "mohammed"}, {"Chloé", "chloe"},
	{"Priya", "priya"}, {"Liam", "liam"}, {"Olena", "olena"}, {"Kenji", "kenji"}, {"Ingrid", "ingrid"}, {"Tomasz", "tomasz"},
	{"Amara", "amara"}, {"Noah", "noah"}, {"Élodie", "elodie"}, {"Ravi", "ravi"}, {"Sofía", "sofia"}, {"Grace", "grace"},
	{"Mateo", "mateo"}, {"Yuki", "yuki"}, {"Omar", "omar"}, {"Hannah", "hannah"}, {"Łukasz", "lukasz"}, {"Emma", "emma"},
	{"Dmitri", "dmitri"}, {"Ayşe", "ayse"}, {"Pedro", "pedro"}, {"Mei", "mei"}, {"Björn", "bjorn"}, {"Leila", "leila"},
}

var familyNames = []Spelling{
	{"Smith", "smith"}, {"Müller", "mueller"}, {"Ørsted", "orsted"}, {"García", "garcia"}, {"Nguyen", "nguyen"}, {"Patel", "patel"},
	{"O'Brien", "o'brien"}, {"王", "wang"}, {"Kowalski", "kowalski"}, {"Silva", "silva"}, {"Ivanov", "ivanov"}, {"Tanaka", "tanaka"},
	{"العلي", "alali"}, {"Johnson", "johnson"}, {"Ångström", "angstrom"}, {"Dubois", "dubois"}, {"Rossi", "rossi"}, {"Hansen", "hansen"},
	{"van der Berg", "vanderberg"}, {"Okafor", "okafor"}, {"Kim", "kim"}, {"Novák", "novak"}, {"Brown", "brown"}, {"Yılmaz", "yilmaz"},
	{"Fernández", "fernandez"}, {"Schmidt", "schmidt"}, {"Cohen", "cohen"}, {"Singh", "singh"}, {"Martin", "martin"}, {"Jones", "jones"},
	{"Andersson", "andersson"}, {"Popescu", "popescu"}, {"Moreau", "moreau"}, {"Wilson", "wilson"}, {"Haddad", "haddad"}, {"Clark", "clark"},
}

var Departments = []string{
	"Engineering", "Sales", "Finance", "Human Resources", "Legal", "Marketing", "Operations", "Support", "Research", "Facilities", "Procurement", "Security",
}

var JobTitles = []string{
	"Engineer", "Senior Engineer", "Manager", "Director", "Analyst", "Account Executive", "Counsel", "Specialist", "Designer", "Coordinator",
}

var cities = []Spelling{
	{"Seattle", "US"}, {"London", "GB"}, {"München", "DE"}, {"København", "DK"}, {"São Paulo", "BR"}, {"東京", "JP"}, {"Paris", "FR"}, {"Kraków", "PL"},
}

var GroupTopics = []string{
	"Payroll", "VPN", "Build", "Release", "Onboarding", "Reporting", "Data Lake", "Wiki", "Helpdesk", "Finance Close", "Campus", "Incident", "Printers", "Design",
}

var groupSuffixes = []string{"Users", "Admins", "Readers", "Contributors", "Team", "Approvers"}

var AppNames = []string{
	"Expenses", "Time Sheets", "Travel", "Ticketing", "Code Review", "Data Warehouse", "Badge", "Fleet", "Survey", "Learning", "Backup", "Monitoring", "Invoice", "Catalogue",
}

// Pick chooses from a list by a hash.
func Pick[T any](list []T, h uint64) T { return list[Below(h, len(list))] }
