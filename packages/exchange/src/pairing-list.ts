/**
 * The words of a pairing, by byte: plain nouns in Latin letters, open syllables, so that speakers of Japanese and of
 * English read and hear the same thing. Any two differ in at least two letters, and none begins another.
 * INVARIANT: 256 words, sorted; a change of any is a new version of spec/pairing.md.
 */
export const PAIRING_WORDS: readonly string[] = `
  abura akari amado anzen aoba arashi asahi atama banana basu bento bijin boushi budou buta byouin
  chairo chikara chizu daiku dango densha dobin doukutsu ebi eigo ekaki enogu enpitsu fukuro fumoto fune
  furoshiki futaba futon fuurin gakki gasshou geta ginkou gitaa gohan goma gunjou gyuunyuu hachimitsu hagaki haizara
  hakase hamabe hanabi hashigo hatake hayabusa heiwa hibari higashi himawari hinata hisui hitomi hitsuji hiyoko hokkyoku
  horagai hotaru ichigo ikada inaka iruka ishidan itoko izumi jagaimo jinja jisho jitensha juugoya kabuto kaeru
  kagami kaigan kajitsu kakashi kamera kanade karasu kasumi katana kawara kazoku keito kemuri kiiro kinoko kiriko
  kirin kisetsu kitte kobune kodomo koinobori kokoro komugi konbu koppu koukou kozutsumi kujira kukan kumori kurumi
  kusuri kutsuya kuwagata kyanpu machi madobe mafuraa mahou makimono mamemaki manga matsuri megane meron mezame michibata
  midori mikan minato mirai misaki miyako mizuumi mochitsuki momiji morino mozaiku mugiwara mukashi murasaki musubi myouga
  nagare namida nanohana natsume nekoyanagi nettai nezumi nigaoe nikki ninjin nishiki nobori noharazu noren nukumori nuno
  ocha odori ohisama okasan omake onigiri orenji origami osusume otobako oyatsu panda pengin piano pinku pokke
  posuto puramu rajio rakuda ramune rappa remon renga retasu ringo risu robotto rousoku rusuban ryokan sabaku
  sakura sanpo sarada satou sekai senaka sentaku shamoji shibafu shika shiokaze shouga shukudai soramame sotsugyou subako
  sudare suisou sukoshi sumire suzume taiko takenoko tamago tanpopo tatami tegami tenugui tobira togarashi tokei tombo
  tonari toransu tsubaki tsukiyo tsurara uchiwa udon uguisu ukiwa umibe uroko usagi utagoe wakaba wanage warabi
  watagumo yajirobee yakan yamabiko yasai yokogao yorimichi youfuku yubiwa yukidaruma yume yuugata yuzu zabuton zarigani zouri
`
  .trim()
  .split(/\s+/u)
