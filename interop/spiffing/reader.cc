// The outside reader for `outside.ts`: built against spiffing (github.com/dwd/spiffing), of which nothing stands here.
//   reader SPIF.xml, then a line each: LABEL.xml in base16 [TAB CLEARANCE.xml in base16]
// One line out for each: `valid|invalid TAB marking [TAB permit|deny]`, or `error TAB what`.
#include <fstream>
#include <iostream>
#include <spiffing/clearance.h>
#include <spiffing/label.h>
#include <spiffing/spif.h>
#include <spiffing/spiffing.h>
#include <string>

static std::string bytesOf(const std::string &hex) {
  std::string out;
  for (size_t at = 0; at + 1 < hex.size(); at += 2) out.push_back(static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16)));
  return out;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  Spiffing::Site site;
  std::ifstream file(argv[1]);
  auto spif = site.load(file);
  for (std::string line; std::getline(std::cin, line);) {
    try {
      const auto tab = line.find('\t');
      Spiffing::Label label(bytesOf(line.substr(0, tab)), Spiffing::Format::ANY);
      std::cout << (label.policy().valid(label) ? "valid" : "invalid") << '\t' << spif->displayMarking(label);
      if (tab != std::string::npos) {
        Spiffing::Clearance clearance(bytesOf(line.substr(tab + 1)), Spiffing::Format::ANY);
        std::cout << '\t' << (spif->acdf(label, clearance) ? "permit" : "deny");
      }
      std::cout << std::endl;
    } catch (std::exception &error) {
      std::cout << "error\t" << error.what() << std::endl;
    }
  }
  return 0;
}
